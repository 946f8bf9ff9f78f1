"""The formula language: the text of an expression becomes typed nodes, nodes become SQL.

Takes: the text of an expression and the object it is about; or typed nodes with a Source and a Scope.
Gives: parse, checked (text → nodes), SIGNATURES; compile_expression (nodes → SQL).
Rejects when: the text cannot be read, names what is not there or joins what does not fit: Unreadable, with
    the place.
Modules: lexer, parser (text → tree); signatures, checker (tree → typed nodes); exact, calendar, compile
    (nodes → SQL).
"""
