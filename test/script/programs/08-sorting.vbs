' A library for lists: sorting by any comparison, searching, unique values, set operations, shuffling with a fixed seed.
Option Explicit
Dim words, numbers, people, at
words = Split("pear Apple fig banana cherry apple Fig date", " ")
numbers = Array(5, 3.5, -2, 10, "7", 3, 0)

WScript.Echo "text:     " & Join(Sorted(words, GetRef("ByText")), " ")
WScript.Echo "binary:   " & Join(Sorted(words, GetRef("ByCode")), " ")
WScript.Echo "length:   " & Join(Sorted(words, GetRef("ByLength")), " ")
WScript.Echo "numbers:  " & Join(Sorted(numbers, GetRef("ByNumber")), " ")
WScript.Echo "reversed: " & Join(Reversed(Sorted(numbers, GetRef("ByNumber"))), " ")
WScript.Echo "kept:     " & Join(words, " ")
WScript.Echo "unique:   " & Join(Unique(words), " ")

people = Array(Person("Ann", 30), Person("Bob", 25), Person("Cid", 30), Person("Dan", 25))
For Each at In Sorted(people, GetRef("ByAge"))
  WScript.StdOut.Write at.Name & at.Age & " "
Next
WScript.Echo

Dim sortedWords : sortedWords = Sorted(Unique(words), GetRef("ByText"))
For Each at In Array("cherry", "Date", "kiwi", "aaa", "zzz")
  WScript.Echo at & ": " & Find(sortedWords, at, GetRef("ByText"))
Next
WScript.Echo "empty: " & Find(Array(), "x", GetRef("ByText")) & " " & UBound(Sorted(Array(), GetRef("ByText"))) & " [" & Join(Sorted(Array(), GetRef("ByText")), "") & "]"
WScript.Echo "both: " & Join(Both(Array(1, 2, 3, 4), Array(2, 4, 6)), ",") & " either: " & Join(Either(Array(1, 2), Array(2, 3)), ",") & " without: " & Join(Without(Array(1, 2, 3), Array(2)), ",")

Rnd -1 : Randomize 42
Dim dice : dice = Shuffled(Array(1, 2, 3, 4, 5, 6))
Dim sum : sum = 0
For Each at In dice : sum = sum + at : Next
WScript.Echo "shuffled: " & sum & " " & (UBound(dice) + 1)

Dim table(3, 1), row
For row = 0 To 3
  table(row, 0) = Array("d", "b", "a", "c")(row)
  table(row, 1) = row
Next
SortTable table, 0
For row = 0 To UBound(table) : WScript.StdOut.Write table(row, 0) & table(row, 1) & " " : Next
WScript.Echo UBound(table, 2)

Class Human
  Public Name, Age
End Class
Function Person(name, age)
  Set Person = New Human
  Person.Name = name
  Person.Age = age
End Function

Function ByText(a, b) : ByText = StrComp(a, b, vbTextCompare) : End Function
Function ByCode(a, b) : ByCode = StrComp(a, b, vbBinaryCompare) : End Function
Function ByLength(a, b) : ByLength = Len(a) - Len(b) : End Function
Function ByNumber(a, b) : ByNumber = Sgn(CDbl(a) - CDbl(b)) : End Function
Function ByAge(a, b) : ByAge = a.Age - b.Age : End Function

' Merge sort: keeps the order of what is equal.
Function Sorted(ByVal list, compare)
  Dim size, from, middle, last, spare
  size = 1
  Do While size <= UBound(list)
    from = 0
    spare = list
    Do While from <= UBound(list)
      middle = from + size
      last = middle + size - 1
      If last > UBound(list) Then last = UBound(list)
      Merge list, spare, from, middle, last, compare
      from = from + 2 * size
    Loop
    size = size * 2
  Loop
  Sorted = list
End Function

Sub Merge(list, spare, from, middle, last, compare)
  Dim a, b, n
  a = from : b = middle
  For n = from To last
    If a < middle And (b > last Or a > last) Then
      Take list, n, spare, a
    ElseIf b > last Then
      Exit For
    ElseIf a >= middle Then
      Take list, n, spare, b
    ElseIf compare(spare(a), spare(b)) <= 0 Then
      Take list, n, spare, a
    Else
      Take list, n, spare, b
    End If
  Next
End Sub

Sub Take(list, n, spare, ByRef which)
  If IsObject(spare(which)) Then Set list(n) = spare(which) Else list(n) = spare(which)
  which = which + 1
End Sub

Function Reversed(list)
  Dim result, n
  result = list
  For n = 0 To UBound(list) : result(UBound(list) - n) = list(n) : Next
  Reversed = result
End Function

Function Unique(list)
  Dim seen, item
  Set seen = CreateObject("Scripting.Dictionary")
  seen.CompareMode = vbTextCompare
  For Each item In list
    If Not seen.Exists(item) Then seen.Add item, True
  Next
  Unique = seen.Keys
End Function

' Index, or what it would be, negative and less by one.
Function Find(list, wanted, compare)
  Dim low, high, middle, c
  low = 0 : high = UBound(list)
  Do While low <= high
    middle = (low + high) \ 2
    c = compare(list(middle), wanted)
    If c = 0 Then Find = middle : Exit Function
    If c < 0 Then low = middle + 1 Else high = middle - 1
  Loop
  Find = -low - 1
End Function

Function SetOf(list)
  Dim item
  Set SetOf = CreateObject("Scripting.Dictionary")
  For Each item In list : SetOf(item) = True : Next
End Function
Function Both(a, b)
  Dim other, result, item
  Set other = SetOf(b) : Set result = CreateObject("Scripting.Dictionary")
  For Each item In a : If other.Exists(item) Then result(item) = True
  Next
  Both = result.Keys
End Function
Function Either(a, b)
  Dim result, item
  Set result = SetOf(a)
  For Each item In b : result(item) = True : Next
  Either = result.Keys
End Function
Function Without(a, b)
  Dim result, item
  Set result = SetOf(a)
  For Each item In b : If result.Exists(item) Then result.Remove item
  Next
  Without = result.Keys
End Function

Function Shuffled(ByVal list)
  Dim n, other, t
  For n = UBound(list) To 1 Step -1
    other = Int(Rnd * (n + 1))
    t = list(n) : list(n) = list(other) : list(other) = t
  Next
  Shuffled = list
End Function

Sub SortTable(table, key)
  Dim i, j, n, t
  For i = 0 To UBound(table) - 1
    For j = i + 1 To UBound(table)
      If table(j, key) < table(i, key) Then
        For n = 0 To UBound(table, 2)
          t = table(i, n) : table(i, n) = table(j, n) : table(j, n) = t
        Next
      End If
    Next
  Next
End Sub
