' Statements: how control flows.
'==== loops count and leave their variable one step beyond
Dim i, s
For i = 1 To 3
  s = s & i
Next
Echo s, i ' expect: 123 4
For i = 3 To 1 Step -1
  Echo i ' expect: 3 | 2 | 1
Next
For i = 5 To 4
  Echo "never"
Next
'==== a recursive function
Function Fib(n)
  If n < 2 Then Fib = n Else Fib = Fib(n - 1) + Fib(n - 2)
End Function
Echo Fib(15) ' expect: 610
'==== an unknown procedure is a type mismatch
foo 1 ' expect error: 13 Type mismatch: 'foo'
'==== text behind a number needs a separator
x = 2m.y ' expect compile error: 1025, 6
