#!/usr/bin/env python3
"""The solver cvc5 from its Python package, as the process that Cedar's analyser starts.

Reads SMT-LIB from standard input, command by command, and answers at once. Cedar's own options on
the command line are taken over.
"""

import sys

import cvc5

solver = cvc5.Solver()
for word in sys.argv[1:]:
    if word.startswith("--tlimit="):
        solver.setOption("tlimit-per", word.split("=")[1])
symbols = cvc5.SymbolManager(solver)


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


for text in command_texts():
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "input")
    while True:
        command = parser.nextCommand()
        if command.isNull():
            break
        told = command.invoke(solver, symbols)
        if told:
            sys.stdout.write(str(told))
            sys.stdout.flush()
        if str(command).startswith("(exit"):
            sys.exit(0)
