' Lexis: §2.1.
'==== [2.1-case] keywords, names and members ignore case
DIM Abc : aBC = 5 : eCHO ABC ' expect: 5
Echo TYPENAME(abc) ' expect: Integer
'==== [2.1-brackets] brackets quote any name
Dim [my var], [dim], [_x], []
[my var] = 42 : [dim] = 1 : [_x] = 2 : [] = 3
Echo [my var], [dim], [_x], [] ' expect: 42 1 2 3
Class Box
  Public [a b]
End Class
Set b = New Box
b.[a b] = "in" : Echo b.[a b] ' expect: in
[plain] = 7 : Echo plain ' expect: 7
'==== [2.1-members] a reserved word is a plain name behind a dot
Class Words
  Public [next], [on], [with], [class], [property], [me], [stop], [empty], [null], [set], [new], [rem], [true], [if]
End Class
Set w = New Words
w.next = 1 : w.on = 2 : w.with = 3 : w.class = 4 : w.property = 5 : w.me = 6 : w.stop = 7
w.empty = 8 : w.null = 9 : w.set = 10 : w.new = 11 : w.rem = 12 : w.true = 13 : w.if = 14
Echo w.next, w.on, w.with, w.class, w.property, w.me, w.stop ' expect: 1 2 3 4 5 6 7
Echo w.empty, w.null, w.set, w.new, w.rem, w.true, w.if ' expect: 8 9 10 11 12 13 14
'==== [2.1-keywordnames] words that may name variables
Dim default, error, explicit, step, property
default = 1 : error = 2 : explicit = 3 : step = 4 : property = 5
Echo default + error + explicit + step + property ' expect: 15
For step = 1 To 3 Step 2 : Next
Echo step ' expect: 5
'==== [2.1-lines] line ends, colons and continuation
x = 1 : y = _
  2 :: z = x _
  + y
Echo x, y, z ' expect: 1 2 3
Sub Two _
  (a, _
   b)
  Echo a & b ' expect: pq
End Sub
Call Two _
  ("p", "q")
x _
  = 9
Echo x ' expect: 9
'==== [2.1-comments] comments
x = 1 ' a comment
Rem another comment : x = 2
y = 2 : Rem and one behind a colon
If x = 1 Then ' behind Then
  Echo x, y ' expect: 1 2
End If
'==== [2.1-strings] string literals
Echo "a""b", "", "c:\new", Len("\n"), "'" ' expect: a"b  c:\new 2 '
'==== [2.1-strings] a string literal cannot span lines
x = "abc ' expect compile error: 1033, 9
'==== [2.1-numbers] decimal literals
Echo TypeName(32767), TypeName(32768), TypeName(2147483647), TypeName(2147483648) ' expect: Integer Long Long Double
Echo 010, 10., .5, .5e1, 34e+5, 1e-3, TypeName(34e5), TypeName(1.0) ' expect: 10 10 0.5 5 3400000 0.001 Double Double
Echo 1e-99999, TypeName(1e0), TypeName(-32768), TypeName(-32769) ' expect: 0 Double Long Long
'==== [2.1-hex] hexadecimal and octal literals
Echo &Hffff, TypeName(&Hffff), &Hffff&, TypeName(&Hffff&), &H8000 ' expect: -1 Integer 65535 Long -32768
Echo &H10&, TypeName(&H10&), &HffFFffFF, TypeName(&HffFFffFF&), &O17, &17 ' expect: 16 Integer -1 Integer 15 15
Echo &H7FFFFFFF, &H80000000, &H00000000000000FF, TypeName(&H00000000000000FF), &h0 ' expect: 2147483647 -2147483648 255 Integer 0
'==== [2.1-hextrap] an ampersand before h
hi = "y" : h = 3
Echo "x" &hi ' expect: xy
Echo "x"&hi ' expect: xy
Echo (&h01or&h02) ' expect: 3
Echo "a"&"b"&h ' expect: ab3
'==== [2.1-dates] date literals are in US order
Echo Month(#1/2/2003#), Day(#1/2/2003#), Hour(#12:30 PM#), #1/2/2003 4:05:06 PM# ' expect: 1 2 12 1/2/2003 4:05:06 PM
Echo Day(#1-Feb-2003#), Month(#1-Feb-2003#), #13/1/2003#, TypeName(# 1/1/2011 #) ' expect: 1 2 1/13/2003 Date
Echo #2003-04-05#, #April 5, 2003# ' expect: 4/5/2003 4/5/2003
'==== [2.1-operators] comparison operators may be reversed
Echo 2 => 1, 1 =< 1, 2 >< 1, 2 >= 3, 1 > = 1 ' expect compile error: 1002, 42
'==== [2.1-operators] comparison operators may be reversed, no blank inside
Echo 2 => 1, 1 =< 1, 2 >< 1, 2 >= 3 ' expect: True True True False
'==== [2.1-nonascii] letters beyond ASCII are no letters
caf = 1 : café = 2 ' expect compile error: 1032, 14
