' A newsletter: a template with fields, conditions and a loop, filled for each subscriber and checked for what HTML needs.
Option Explicit
Dim template, subscribers, person, letter, engine
template = Join(Array( _
  "<html><body>", _
  "<h1>News for {first} {last}</h1>", _
  "{if vip}<p class='vip'>Thank you for {years} years.</p>{end}", _
  "{each articles}<li><a href='{url}'>{title}</a></li>{next}", _
  "<p>{count articles} articles, {unknown}</p>", _
  "<p>{raw footer}</p></body></html>"), vbCrLf)

Set engine = New Newsletter
engine.Template = template
engine.Common("footer") = "<small>&copy; 2003</small>"
engine.AddArticle "Prices & offers", "http://example.test/?a=1&b=2"
engine.AddArticle "<Tags> ""explained""", "http://example.test/tags"

Set subscribers = CreateObject("Scripting.Dictionary")
AddSubscriber "ann@example.test", "Ann", "O'Neil", True, 3
AddSubscriber "bob@example.test", "Bob", "<script>", False, 0
AddSubscriber "not an address", "X", "Y", False, 0

For Each person In subscribers.Keys
  If IsAddress(person) Then
    letter = engine.Fill(subscribers(person))
    WScript.Echo "== " & person & " (" & Len(letter) & ")"
    WScript.Echo letter
    WScript.Echo "-- " & PlainText(letter)
  Else
    WScript.Echo "== skipped: " & person
  End If
Next
WScript.Echo "unknown fields: " & Join(engine.Unknown.Keys, ", ")

Sub AddSubscriber(address, first, last, vip, years)
  Dim fields
  Set fields = CreateObject("Scripting.Dictionary")
  fields("first") = first : fields("last") = last : fields("vip") = vip : fields("years") = years
  Set subscribers(address) = fields
End Sub

Function IsAddress(text)
  With New RegExp
    .Pattern = "^[\w.+-]+@(\w[\w-]*\.)+\w{2,}$"
    IsAddress = .Test(text)
  End With
End Function

Class Newsletter
  Public Template, Common, Unknown
  Private articles_, field_
  Private Sub Class_Initialize
    Set Common = CreateObject("Scripting.Dictionary")
    Set Unknown = CreateObject("Scripting.Dictionary")
    articles_ = Array()
    Set field_ = New RegExp
    field_.Global = True
    field_.Pattern = "\{(?:(raw|count) )?(\w+)\}"
  End Sub

  Public Sub AddArticle(title, url)
    Dim fields
    Set fields = CreateObject("Scripting.Dictionary")
    fields("title") = title : fields("url") = url
    ReDim Preserve articles_(UBound(articles_) + 1)
    Set articles_(UBound(articles_)) = fields
  End Sub

  Public Function Fill(person)
    Dim text
    text = Conditions(Template, person)
    text = Loops(text)
    Fill = Fields(text, person)
  End Function

  Private Function Conditions(ByVal text, person)
    Dim pattern, found, keep
    Set pattern = New RegExp
    pattern.Pattern = "\{if (\w+)\}([\s\S]*?)\{end\}"
    Do While pattern.Test(text)
      Set found = pattern.Execute(text)(0)
      keep = ""
      If person.Exists(found.SubMatches(0)) Then If person(found.SubMatches(0)) Then keep = found.SubMatches(1)
      text = Left(text, found.FirstIndex) & keep & Mid(text, found.FirstIndex + found.Length + 1)
    Loop
    Conditions = text
  End Function

  Private Function Loops(text)
    Dim pattern, found, part, article
    Set pattern = New RegExp
    pattern.Pattern = "\{each articles\}([\s\S]*?)\{next\}"
    Loops = text
    If Not pattern.Test(text) Then Exit Function
    Set found = pattern.Execute(text)(0)
    For Each article In articles_
      part = part & Fields(found.SubMatches(0), article)
    Next
    Loops = Replace(text, found.Value, part)
  End Function

  Private Function Fields(text, values)
    Dim found, last, result, name
    last = 1
    For Each found In field_.Execute(text)
      name = found.SubMatches(1)
      result = result & Mid(text, last, found.FirstIndex + 1 - last)
      If found.SubMatches(0) = "count" Then
        result = result & UBound(articles_) + 1
      ElseIf values.Exists(name) Then
        result = result & Html(values(name))
      ElseIf Common.Exists(name) Then
        If found.SubMatches(0) = "raw" Then result = result & Common(name) Else result = result & Html(Common(name))
      Else
        Unknown(name) = True
        result = result & "[" & name & "?]"
      End If
      last = found.FirstIndex + found.Length + 1
    Next
    Fields = result & Mid(text, last)
  End Function

  Private Function Html(value)
    Html = Replace(Replace(Replace(Replace(value, "&", "&amp;"), "<", "&lt;"), ">", "&gt;"), """", "&quot;")
  End Function
End Class

Function PlainText(html)
  Dim r
  Set r = New RegExp
  r.Global = True
  r.Pattern = "<[^>]*>" : PlainText = r.Replace(html, " ")
  r.Pattern = "\s+" : PlainText = Trim(r.Replace(PlainText, " "))
  PlainText = Replace(Replace(Replace(PlainText, "&lt;", "<"), "&gt;", ">"), "&amp;", "&")
End Function
