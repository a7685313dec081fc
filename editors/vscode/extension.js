// Starts `brightline lsp` for files of law, and stops it with the editor.

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function activate() {
  const command = workspace.getConfiguration("brightline").get("command");
  const server = { command, args: ["lsp"] };
  const options = {
    documentSelector: [{ scheme: "file", language: "markdown", pattern: "**/*.law.md" }],
    synchronize: {
      fileEvents: workspace.createFileSystemWatcher("**/{*.law.md,*.csv,pack.toml}"),
    },
  };
  client = new LanguageClient("brightline", "Brightline", server, options);
  return client.start();
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
