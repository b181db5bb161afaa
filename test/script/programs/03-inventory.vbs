' An inventory: classes with collections, default members, errors of their own, a journal of movements.
Option Explicit
Const ErrNoItem = 1001, ErrStock = 1002

Class Item
  Private name_, price_, stock_
  Public Tags
  Private Sub Class_Initialize
    stock_ = 0
    Set Tags = CreateObject("Scripting.Dictionary")
  End Sub
  Public Default Property Get Name : Name = name_ : End Property
  Public Property Let Name(value)
    If Trim(value) = "" Then Err.Raise vbObjectError + 1, "Item", "An item needs a name"
    name_ = Trim(value)
  End Property
  Public Property Get Price : Price = price_ : End Property
  Public Property Let Price(value) : price_ = CCur(value) : End Property
  Public Property Get Stock : Stock = stock_ : End Property
  Public Property Get Value : Value = stock_ * price_ : End Property
  Public Sub Move(count)
    If stock_ + count < 0 Then Err.Raise vbObjectError + ErrStock, "Item", name_ & ": " & stock_ & " in stock, " & -count & " wanted"
    stock_ = stock_ + count
  End Sub
  Public Function Tagged(ParamTag) : Tagged = Tags.Exists(ParamTag) : End Function
End Class

Class Inventory
  Private items_, journal_
  Private Sub Class_Initialize
    Set items_ = CreateObject("Scripting.Dictionary")
    items_.CompareMode = vbTextCompare
    journal_ = Array()
  End Sub
  Public Function Add(key, name, price)
    Dim it
    Set it = New Item
    it.Name = name
    it.Price = price
    items_.Add key, it
    Note "new", key, 0
    Set Add = it
  End Function
  Public Default Function ItemOf(key)
    If Not items_.Exists(key) Then Err.Raise vbObjectError + ErrNoItem, "Inventory", "There is no item '" & key & "'"
    Set ItemOf = items_(key)
  End Function
  Public Property Get Count : Count = items_.Count : End Property
  Public Property Get Keys : Keys = items_.Keys : End Property
  Public Sub Receive(key, count) : Me.ItemOf(key).Move count : Note "in", key, count : End Sub
  Public Sub Take(key, count) : Me(key).Move -count : Note "out", key, count : End Sub
  Public Property Get Total
    Dim it
    Total = CCur(0)
    For Each it In items_.Items : Total = Total + it.Value : Next
  End Property
  Private Sub Note(what, key, count)
    ReDim Preserve journal_(UBound(journal_) + 1)
    journal_(UBound(journal_)) = Array(what, LCase(key), count)
  End Sub
  Public Property Get Journal : Journal = journal_ : End Property
End Class

Dim stock : Set stock = New Inventory
With stock.Add("BOLT", "Bolt M8", "0.12")
  .Tags("metal") = True
  .Tags("small") = True
End With
stock.Add("nut", " Nut M8 ", 0.0833).Tags("metal") = True
stock.Add "glue", "Glue", 4.5
stock.Receive "bolt", 1000
stock.Receive "NUT", 500
stock.Receive "glue", 12
stock.Take "Bolt", 250

On Error Resume Next
stock.Take "glue", 20
Report "take"
stock.Take "screw", 1
Report "unknown"
stock.Add "nut", "Another", 1
Report "twice"
stock.Add "blank", "   ", 1
Report "nameless"
stock.Add "word", "Word", "cheap"
Report "priceless"
Dim x : x = stock("bolt").Missing
Report "member"
stock("bolt").Stock = 5
Report "read-only"
On Error GoTo 0

Dim key
For Each key In Sorted(stock.Keys)
  WScript.Echo Left(key & "      ", 6) & Left(stock(key) & Space(10), 10) & Right(Space(6) & stock(key).Stock, 6) & Right(Space(9) & FormatNumber(stock(key).Value, 2), 9) & "  " & Join(stock(key).Tags.Keys, "+")
Next
WScript.Echo stock.Count & " items, " & FormatCurrency(stock.Total) & ", " & TypeName(stock.Total)
Dim entry, text
For Each entry In stock.Journal
  text = text & entry(0) & ":" & entry(1) & ":" & entry(2) & " "
Next
WScript.Echo Trim(text)

Sub Report(what)
  If Err.Number = 0 Then
    WScript.Echo what & ": no error"
  ElseIf Err.Number < 0 Then
    WScript.Echo what & ": " & Err.Source & " " & Err.Number - vbObjectError & " " & Err.Description
  Else
    WScript.Echo what & ": " & Err.Number & " " & Err.Description
  End If
  Err.Clear
End Sub

Function Sorted(list)
  Dim i, j, t
  For i = 1 To UBound(list)
    t = list(i)
    j = i - 1
    Do While j >= 0
      If StrComp(list(j), t, vbTextCompare) <= 0 Then Exit Do
      list(j + 1) = list(j)
      j = j - 1
    Loop
    list(j + 1) = t
  Next
  Sorted = list
End Function
