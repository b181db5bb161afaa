' Operators: §2.4, hard and soft operands: §2.5.
'==== [2.4-precedence] precedence
Echo 2 + 3 * 4, 2 ^ 3 * 2, 10 - 2 - 3, 2 * 3 Mod 4, 7 Mod 4 + 2, 2 + 3 \ 4 ' expect: 14 16 5 2 5 2
Echo -3 ^ 2, 2 ^ 3 ^ 2, 5 \ 4 / 2, 12 / 3 \ 2, 2 * 3 ^ 2 ' expect: 9 64 2 2 18
Echo 1 & 2 + 3, "a" & 1 = "a1", Not 1 > 2, 1 <> Not 0 = 0, 1 > Not 5 > 3 ' expect: 15 True True True True
Echo False And False Or True, True Or False And False, Not False And False ' expect: True True False
Echo True Xor False Or True, False Imp True Eqv False ' expect: False True
Echo --1, +--+-+1, - - 2, 2 ^ -1 ' expect: 1 -1 2 0.5
Echo 3 > 2 > 1, 1 = 1 < 0, 5 > 3 = True ' expect: False True True
'==== [2.4-plus] +
Echo 1 + 2, "a" + "b", 1 + "2", "1" + 2, TypeName(1 + "2"), "1" + "2" ' expect: 3 ab 3 3 Double 12
Echo IsNull(1 + Null), Empty + 5, TypeName(Empty + Empty), "x" + Empty, True + True ' expect: True 5 Integer x -2
Echo 1.5 + 1, TypeName(#1/2/2003# + 1), CCur(1) + 1.5, TypeName(CCur(1) + 1.5), "" & (0.1 + 0.2) ' expect: 2.5 Date 2.5 Double 0.3
'==== [2.4-plus] a number plus a text that is none
x = 1 + "abc" ' expect error: 13 Type mismatch: '[string: "abc"]'
'==== [2.4-concat] &
Echo 1 & 2, "a" & Null, Null & "a", TypeName("" & Null), TypeName(1 & 1), True & "/" & False ' expect: 12 a a String String True/False
Echo 1.5 & "", #1/2/2003# & "", CCur(1.5) & "x", Empty & "e" ' expect: 1.5 1/2/2003 1.5x e
'==== [2.4-overflow] promotion on overflow
Echo TypeName(32767 + 1), 32767 + 1, TypeName(2147483647 + 1), 2147483647 + 1, TypeName(-32768 - 1) ' expect: Long 32768 Double 2147483648 Long
Echo TypeName(200 * 200), 200 * 200, TypeName(100000 * 100000), 100000 * 100000 ' expect: Long 40000 Double 10000000000
Echo TypeName(CByte(255) + CByte(1)), TypeName(CByte(1) - CByte(2)), CByte(1) - CByte(2) ' expect: Integer Integer -1
Echo TypeName(CSng(3E38) * 10), CSng(3E38) * 10, TypeName(-CInt(-32768)), TypeName(Abs(CInt(-32768))) ' expect: Double 3.00000000549776E+39 Long Long
i = 32767 : i = i + 1 : Echo i, TypeName(i) ' expect: 32768 Long
i = 2147483647 : i = i + 1 : Echo i, TypeName(i) ' expect: 2147483648 Double
'==== [2.4-overflow] Double overflows
x = 1E308 * 10 ' expect error: 6 Overflow
'==== [2.4-divide] /
Echo 3 / 2, TypeName(4 / 2), 4 / 2, TypeName(CSng(1) / 2), TypeName(CSng(1) / CLng(2)), "9" / "3" ' expect: 1.5 Double 2 Single Double 3
Echo IsNull(1 / Null), 5 / 1000000, TypeName(CCur(1) / 2), Empty / 5 ' expect: True 0.000005 Double 0
'==== [2.4-divide] division by zero
x = 1 / 0 ' expect error: 11 Division by zero
'==== [2.4-divide] zero by zero
x = 0 / 0 ' expect error: 6 Overflow
'==== [2.4-integer] \ and Mod round their operands first
Echo 7 \ 2.5, 4.6 \ 1.5, 4.6 \ 1.49, 11.6 Mod 5.5, 7.6 Mod 2.5, -7 Mod 3, 7 Mod -3 ' expect: 3 2 5 0 0 -1 1
Echo -7 \ 2, 7 \ 2, TypeName(7 \ 2), TypeName(7.5 \ 2), TypeName(70000 \ 2), 2.5 \ 1, 3.5 \ 1 ' expect: -3 3 Integer Long Long 2 4
Echo IsNull(2 Mod Null), IsNull(Null \ 2), Empty Mod 2, "7" Mod "4", TypeName("7" Mod 4), True Mod 2 ' expect: True True 0 3 Long -1
'==== [2.4-integer] Mod by zero
x = 5 Mod 0 ' expect error: 11 Division by zero
'==== [2.4-integer] \ by what rounds to zero
x = 5 \ 0.4 ' expect error: 11 Division by zero
'==== [2.4-integer] Mod beyond Long
x = 3000000000 Mod 2 ' expect error: 6 Overflow
'==== [2.4-power] ^
Echo 2 ^ 10, TypeName(2 ^ 2), 4 ^ 0.5, (-8) ^ 3, 0 ^ 0, IsNull(Null ^ 2), "2" ^ 3 ' expect: 1024 Double 2 -512 1 True 8
'==== [2.4-power] a root of a negative number
x = (-8) ^ 0.5 ' expect error: 5 Invalid procedure call or argument
'==== [2.4-logic] logic is bitwise on numbers
Echo 12 And 10, 12 Or 3, 12 Xor 10, Not 5, 5 Eqv 3, 5 Imp 3, Not 0, Not True ' expect: 8 15 6 -6 -7 -5 -1 False
Echo TypeName(12 And 10), TypeName(70000 And 1), TypeName(True And 1), TypeName(1.0 And 1), True And 6 ' expect: Integer Long Integer Long 6
Echo Not 5.5, "3" And 1, Not "True", "False" Or 2, True Xor True, False Eqv False, True Imp False ' expect: -7 1 False 2 False True False
Echo IsNull(True And Null), False And Null, True Or Null, IsNull(False Or Null), IsNull(True Xor Null), IsNull(True Eqv Null) ' expect: True False True True True True
Echo False Imp Null, Null Imp True, IsNull(Null Imp False), IsNull(True Imp Null), IsNull(Not Null), 0 And Null, IsNull(1 And Null), 5 Or Null ' expect: True True True True True 0 True 5
Echo TypeName(CByte(12) And CByte(10)), Not CByte(5), Empty Or 4, Empty And True ' expect: Byte 250 4 0
'==== [2.4-logic] both sides are always evaluated
Function T(n, v) : s = s & n : T = v : End Function
s = "" : x = T("a", False) And T("b", True) : Echo s, x ' expect: ab False
s = "" : x = T("a", True) Or T("b", True) : Echo s, x ' expect: ab True
s = "" : If T("a", False) And T("b", True) Then Echo "never"
Echo s ' expect: ab
s = "" : If T("a", 1) = 2 And T("b", 1) = 1 Then Echo "never"
Echo s ' expect: ab
'==== [2.4-null] comparison with Null
Echo IsNull(0 = Null), IsNull(Null < 1), IsNull("a" <> Null), IsNull(Null >= Null) ' expect: True True True True
n = Null
If n = 5 Then Echo "equal" Else Echo "not taken" ' expect: not taken
If n <> 5 Then Echo "different" Else Echo "not taken either" ' expect: not taken either
'==== [2.4-emptycompare] comparison with Empty
Echo Empty = "", Empty = 0, Empty < 1, "" = e, "a" > e, e = False, Empty = Empty ' expect: True True True True True True True
'==== [2.4-stringcompare] strings compare unit by unit
Echo "a" = "A", "a" < "b", "Z" < "a", "a" < "aa", "10" < "9", StrComp("a", "A", 1), "é" > "z" ' expect: False True True True True 0 True
'==== [2.4-numbercompare] numbers compare by value
Echo 1 = 1.0, True = -1, CCur(1) = 1, #1/2/2003# = 37623, CByte(5) = 5, 0.1 + 0.2 = 0.3 ' expect: True True True True True False
Echo 2 >= 2, 1 < 2, 3 <= 2, False > True, 0 > True, 1 <> 2 ' expect: True True False True True True
'==== [2.4-is] Is
Class C : End Class
Set a = New C : Set b = a : Set c2 = New C
Echo a Is b, a Is c2, Nothing Is Nothing, Not a Is c2, a Is Nothing ' expect: True False True True False
'==== [2.4-is] Is with what is no object
x = (5 Is Nothing) ' expect error: 424 Object required
'==== [2.4-absent] operators that do not exist
x = "a" Like "b" ' expect compile error: 1025, 9
'==== [2.4-absent] compound assignment does not exist
x += 1 ' expect compile error: 1002, 4
'==== [2.4-absent] functions that do not exist
x = IIf(True, 1, 2) ' expect error: 13 Type mismatch: 'IIf'
'==== [2.5-soft] a string in a variable is never equal to a number in one
s = "10" : n = 10
Echo s = n, n = s, s > n, n < s, s <> n, s < n ' expect: False False True True True False
Echo Trim(" 10") = n, CStr(5) = CLng(5) ' expect: False False
'==== [2.5-hardstring] a literal string against a number in a variable compares text
n = 10 : d = 1.5 : b = True
Echo n = "10", "10" = n, n = "9", n > "9", d = "1.5", b = "True" ' expect: True True False False True True
Const T = "10"
Echo n = T ' expect: True
'==== [2.5-hardnumber] a string in a variable against a literal number compares numbers
s = "1" : t = "abc" : u = "" : v = " 1.0 "
Echo s = 1, 1 = s, t = 1, u = 0, v = 1, s < 2, s > 0, t > 5 ' expect: True True False False True True True True
Select Case s
  Case 1: Echo "one" ' expect: one
End Select
If TestObject.Add(1, 2) = 3 Then Echo "three" ' expect: three
Const ONE = 1
Echo s = ONE, s = True, "-1" = ONE ' expect: True False False
'==== [2.5-both] two literals
Echo 10 = "10", "true" <> True, "-1" < 5, "3" > 5, "" = False ' expect: False True True True False
'==== [2.5-empty] Empty compares with the empty string only
s = "0"
Echo e = s, s = e, e < s, "" = e ' expect: False False True True
