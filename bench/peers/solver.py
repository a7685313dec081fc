#!/usr/bin/env python3
"""The solver cvc5 from its Python package, as the process that Cedar's analyser starts.

Reads SMT-LIB from standard input, command by command, and answers at once. Cedar's own options on
the command line are taken over.
"""

import sys

import cvc5


class Session:
    """A solver with its names, as `(reset)` makes it."""

    def __init__(self):
        self.solver = cvc5.Solver()
        for word in sys.argv[1:]:
            if word.startswith("--tlimit="):
                self.solver.setOption("tlimit-per", word.split("=")[1])
        self.symbols = cvc5.SymbolManager(self.solver)

    def run(self, text):
        parser = cvc5.InputParser(self.solver, self.symbols)
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "input")
        while not (command := parser.nextCommand()).isNull():
            sys.stdout.write(str(command.invoke(self.solver, self.symbols) or ""))
            sys.stdout.flush()


def command_texts():
    """Whole commands: parentheses balanced outside of strings and quoted symbols."""
    text, depth, quote = "", 0, ""
    for line in sys.stdin:
        if not text and line.strip().startswith(";"):
            continue
        for letter in line:
            if quote:
                quote = "" if letter == quote else quote
            elif letter in '"|':
                quote = letter
            else:
                depth += (letter == "(") - (letter == ")")
        text += line
        if depth == 0 and not quote and text.strip():
            yield text
            text = ""


session = Session()
for text in command_texts():
    if text.split() == ["(reset)"]:
        session = Session()
    elif text.split() == ["(exit)"]:
        break
    else:
        session.run(text)
