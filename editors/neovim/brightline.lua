-- Starts the language server for files of law. Put it into the folder `plugin` of your
-- configuration; Neovim 0.7 or later.

vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
  pattern = '*.law.md',
  callback = function(opened)
    vim.bo[opened.buf].filetype = 'markdown'
    local manifest = vim.fn.findfile('pack.toml', vim.fn.fnamemodify(opened.file, ':p:h') .. ';')
    if manifest == '' then
      return
    end
    -- The folder of packs is the one above the pack.
    local packs = vim.fn.fnamemodify(manifest, ':p:h:h')
    local client = vim.g.brightline_client
    if not client or not vim.lsp.get_client_by_id(client) then
      client = vim.lsp.start_client({
        name = 'brightline',
        cmd = { vim.g.brightline_command or 'brightline', 'lsp' },
        root_dir = packs,
        workspace_folders = { { uri = vim.uri_from_fname(packs), name = 'law' } },
      })
      vim.g.brightline_client = client
    end
    if not client then
      return
    end
    vim.lsp.buf_attach_client(opened.buf, client)
    local function map(keys, action)
      vim.keymap.set('n', keys, action, { buffer = opened.buf })
    end
    map('K', vim.lsp.buf.hover)
    map('gd', vim.lsp.buf.definition)
    map('gr', vim.lsp.buf.references)
    map('<leader>r', vim.lsp.buf.rename)
    map('<leader>a', vim.lsp.buf.code_action)
    map('<leader>f', vim.lsp.buf.format or vim.lsp.buf.formatting)
    map('<leader>s', vim.lsp.buf.document_symbol)
    map('<leader>d', vim.diagnostic.open_float)
    vim.bo[opened.buf].omnifunc = 'v:lua.vim.lsp.omnifunc'
  end,
})
