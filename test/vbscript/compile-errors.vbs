' Compile errors: §2.10, each with its column.
'==== [compile-1002] syntax error
x = ' expect compile error: 1002, 4
'==== [compile-1002] unterminated date literal
x = #1/1/2000 ' expect compile error: 1002, 5
'==== [compile-1002] a date literal that is no date
x = #notadate# ' expect compile error: 1002, 5
'==== [compile-1002] a Sub inside a Sub
Sub A
  Sub B ' expect compile error: 1002, 3
  End Sub
End Sub
'==== [compile-1005] Expected '('
Sub x) ' expect compile error: 1005, 6
End Sub
'==== [compile-1005] ReDim without bounds
ReDim a ' expect compile error: 1005, 8
'==== [compile-1006] Expected ')'
x = (1 + 2 ' expect compile error: 1006, 11
'==== [compile-1007] Expected ']'
Dim [unclosed ' expect compile error: 1007, 14
'==== [compile-1010] Expected identifier
Dim If ' expect compile error: 1010, 5
'==== [compile-1010] a number as a name
Dim 5 ' expect compile error: 1010, 5
'==== [compile-1010] no member behind a dot
x = a. ' expect compile error: 1010, 7
'==== [compile-1011] Expected '='
Const x ' expect compile error: 1011, 8
'==== [compile-1011] Set without a value
Set x ' expect compile error: 1011, 6
'==== [compile-1011] For without a value
For i To 3 ' expect compile error: 1011, 7
Next
'==== [compile-1012] Expected 'If'
If True Then
  x = 1
End With ' expect compile error: 1012, 5
'==== [compile-1013] Expected 'To'
For i = 1 x 10 ' expect compile error: 1013, 11
Next
'==== [compile-1014] Expected 'End'
If True Then
x = 1
' expect compile error: 1014, 1
'==== [compile-1014] a Sub without end
Sub A
x = 1
' expect compile error: 1014, 1
'==== [compile-1014] a With without end
With a
' expect compile error: 1014, 1
'==== [compile-1015] Expected 'Function'
Function F()
End Sub ' expect compile error: 1015, 5
'==== [compile-1016] Expected 'Sub'
Sub S()
End Function ' expect compile error: 1016, 5
'==== [compile-1017] Expected 'Then'
If True ' expect compile error: 1017, 8
End If
'==== [compile-1018] Expected 'Wend'
While True
x = 1
' expect compile error: 1018, 1
'==== [compile-1019] Expected 'Loop'
Do
x = 1
' expect compile error: 1019, 1
'==== [compile-1020] Expected 'Next'
For i = 1 To 10
x = 1
' expect compile error: 1020, 1
'==== [compile-1020] On Error Resume without Next
On Error Resume ' expect compile error: 1020, 16
'==== [compile-1021] Expected 'Case'
Select x ' expect compile error: 1021, 8
End Select
'==== [compile-1021] a statement before the first Case
Select Case 1
  x = 1 ' expect compile error: 1021, 3
End Select
'==== [compile-1022] Expected 'Select'
Select Case 1
  Case 1
End If ' expect compile error: 1022, 5
'==== [compile-1023] Expected expression
ReDim a() ' expect compile error: 1023, 10
'==== [compile-1024] Expected statement
Else ' expect compile error: 1024, 1
'==== [compile-1024] a literal is no statement
"x" ' expect compile error: 1024, 1
'==== [compile-1024] Else End If
If False Then
  x = 0
Else End If ' expect compile error: 1024, 6
'==== [compile-1024] an End that ends nothing
While False
  x = 0 End While ' expect compile error: 1024, 9
'==== [compile-1024] End behind the name of a class
Class C End Class ' expect compile error: 1024, 9
'==== [compile-1025] Expected end of statement
While False
  x = 0 Wend ' expect compile error: 1025, 9
'==== [compile-1025] Loop behind a statement
Do
  x = 0 Loop While False ' expect compile error: 1025, 9
'==== [compile-1025] Next takes no name
For i = 1 To 2
Next i ' expect compile error: 1025, 6
'==== [compile-1025] typed variables
Dim x As Integer ' expect compile error: 1025, 7
'==== [compile-1026] Expected integer constant
Dim x("a") ' expect compile error: 1026, 7
'==== [compile-1026] a variable as bound
Dim x(n) ' expect compile error: 1026, 7
'==== [compile-1028] Expected 'While', 'Until' or end of statement
Do For ' expect compile error: 1028, 4
Loop
'==== [compile-1028] behind Loop
Do
Loop x ' expect compile error: 1028, 6
'==== [compile-1029] Expected 'With'
With a
End Sub ' expect compile error: 1029, 5
'==== [compile-1030] Identifier too long
Dim aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ' expect compile error: 1030, 261
'==== [compile-1031] Invalid number
x = 1e999 ' expect compile error: 1031, 10
'==== [compile-1031] a hexadecimal literal beyond 32 bits
x = &H100000001 ' expect compile error: 1031, 5
'==== [compile-1032] Invalid character
x = @invalid ' expect compile error: 1032, 5
'==== [compile-1032] a curly quote
x = “hello” ' expect compile error: 1032, 5
'==== [compile-1032] an underscore that continues nothing
x = 1 _x ' expect compile error: 1032, 8
'==== [compile-1032] nested brackets
Dim [[nested]] ' expect compile error: 1032, 14
'==== [compile-1033] Unterminated string constant
x = "hello ' expect compile error: 1033, 11
'==== [compile-1037] Invalid use of 'Me' keyword
Class C
  Sub T()
    Set Me = Nothing ' expect compile error: 1037, 12
  End Sub
End Class
'==== [compile-1038] 'loop' without 'do'
Loop ' expect compile error: 1038, 1
'==== [compile-1039] Invalid 'exit' statement
Exit Do ' expect compile error: 1039, 6
'==== [compile-1039] Exit Sub in a Function
Function F
  Exit Sub ' expect compile error: 1039, 8
End Function
'==== [compile-1039] Exit For outside a loop
Exit For ' expect compile error: 1039, 6
'==== [compile-1040] Invalid 'for' loop control variable
For i = 1 To 2
  For i = 1 To 2 ' expect compile error: 1040, 7
  Next
Next
'==== [compile-1040] an element as control variable
For a(1) = 1 To 2 ' expect compile error: 1040, 6
Next
'==== [compile-1041] Name redefined
Dim a
Dim a ' expect compile error: 1041, 5
'==== [compile-1041] a constant of the name of a variable
Dim a
Const a = 1 ' expect compile error: 1041, 7
'==== [compile-1041] a parameter twice
Sub S(a, a) ' expect compile error: 1041, 10
End Sub
'==== [compile-1041] a local of the name of a parameter
Sub S(a)
  Dim a ' expect compile error: 1041, 7
End Sub
'==== [compile-1041] a class twice
Class A
End Class
Class A ' expect compile error: 1041, 7
End Class
'==== [compile-1041] a property twice
Class A
  Property Get P : End Property
  Property Get P : End Property ' expect compile error: 1041, 16
End Class
'==== [compile-1042] Must be first statement on the line
If 0 > 1 Then
    x = 0 End If ' expect compile error: 1042, 11
'==== [compile-1042] behind the body of ElseIf
If False Then
    x = 0
ElseIf True Then
    x = 1 End If ' expect compile error: 1042, 11
'==== [compile-1042] End Select
Select Case 42
    Case 42
        x = True End Select ' expect compile error: 1042, 18
'==== [compile-1044] Cannot use parentheses when calling a Sub
strcomp("x", "y") ' expect compile error: 1044, 18
'==== [compile-1044] a method without Call
m.AttachFile(p, "a.doc") ' expect compile error: 1044, 25
'==== [compile-1045] Expected literal constant
Const x = 1 + "a" ' expect compile error: 1045, 18
'==== [compile-1045] a call as constant
Const x = Chr(65) ' expect compile error: 1045, 18
'==== [compile-1046] Expected 'In'
For Each x = arr ' expect compile error: 1046, 12
Next
'==== [compile-1047] Expected 'Class'
Class C
End Sub ' expect compile error: 1047, 5
'==== [compile-1048] Must be defined inside a Class
Property Get x ' expect compile error: 1048, 10
End Property
'==== [compile-1049] Expected Let or Set or Get in property declaration
Class C
Property x ' expect compile error: 1049, 10
End Property
End Class
'==== [compile-1050] Expected 'Property'
Class C
  Property Get P()
  End Sub ' expect compile error: 1050, 7
End Class
'==== [compile-1051] Number of arguments must be consistent
Class C
Property Get P
  P = 1
End Property
Property Let P(a, b) ' expect compile error: 1051, 21
End Property
End Class
'==== [compile-1052] Cannot have multiple default members
Class C
  Public Default Function F()
    F = 1
  End Function
  Public Default Function G() ' expect compile error: 1052, 18
  End Function
End Class
'==== [compile-1053] Class_Initialize takes no arguments
Class C
Sub Class_Initialize(x) ' expect compile error: 1053, 24
End Sub
End Class
'==== [compile-1053] Class_Terminate takes no arguments
Class C
Sub Class_Terminate(x) ' expect compile error: 1053, 23
End Sub
End Class
'==== [compile-1054] Property Let needs an argument
Class C
Property Let x ' expect compile error: 1054, 15
End Property
End Class
'==== [compile-1055] Unexpected 'Next'
Next ' expect compile error: 1055, 1
'==== [compile-1056] Default on a variable
Class C
  Public Default x ' expect compile error: 1056, 18
End Class
'==== [compile-1057] Default without Public
Class C
Default Private Function f() ' expect compile error: 1057, 1
End Function
End Class
'==== [compile-1058] Default on Property Let
Class C
  Public Default Property Let P(v) ' expect compile error: 1058, 27
  End Property
End Class
'==== [compile-1025] what is no token counts only where the parser comes to it
x = 1 y = $2 ' expect compile error: 1025, 7
'==== [compile-1012] … and not before a mistake on an earlier line
If True Then
End With ' expect compile error: 1012, 5
x = $2
'==== [compile-1032] … and before the End If that is missing behind it
If True Then
  x = $2 ' expect compile error: 1032, 7
'==== [compile-1033] … and at the very end of a script
x = 1
y = "2 ' expect compile error: 1033, 7
