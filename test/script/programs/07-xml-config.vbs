' Settings in XML: read with defaults and inheritance, checked, changed, and saved so that what is unknown stays.
Option Explicit
Dim config, host, name
Prepare
Set config = New Settings
If Not config.Load("C:\data\mail.xml") Then WScript.Quit 1
For Each host In config.Hosts
  WScript.Echo host & ": " & config(host, "port") & " " & config(host, "timeout") & " " & config(host, "user") & " tls=" & config(host, "tls")
Next
For Each name In Array("smtp.example.test", "relay.example.test", "none.example.test")
  WScript.Echo name & " known: " & config.Knows(name)
Next
WScript.Echo "problems: " & config.Problems
config.Change "relay.example.test", "port", 2525
config.Change "new.example.test", "port", 26
config.Remove "old.example.test"
config.Save "C:\data\mail2.xml"

Dim again : Set again = New Settings
WScript.Echo again.Load("C:\data\mail2.xml"), Join(again.Hosts, ",")
WScript.Echo again("relay.example.test", "port") & " " & again("new.example.test", "port") & " " & again("new.example.test", "timeout")
WScript.Echo CreateObject("Scripting.FileSystemObject").OpenTextFile("C:\data\mail2.xml").ReadAll
WScript.Echo again.Load("C:\data\none.xml") & " " & again.Problems
WScript.Echo again.Load("C:\data\broken.xml") & " " & Left(again.Problems, 24)

Sub Prepare
  Dim fso : Set fso = CreateObject("Scripting.FileSystemObject")
  With fso.CreateTextFile("C:\data\mail.xml")
    .WriteLine "<?xml version=""1.0""?>"
    .WriteLine "<mail><!-- hosts -->"
    .WriteLine "  <defaults port=""25"" timeout=""30""/>"
    .WriteLine "  <host name=""smtp.example.test"" port=""587"" tls=""yes""><user>ann</user></host>"
    .WriteLine "  <host name=""relay.example.test"" timeout=""x""/>"
    .WriteLine "  <host name=""old.example.test""/>"
    .WriteLine "  <extra keep=""me""/>"
    .WriteLine "</mail>"
    .Close
  End With
  With fso.CreateTextFile("C:\data\broken.xml") : .Write "<mail><host></mail>" : .Close : End With
End Sub

Class Settings
  Public Problems
  Private dom_

  Private Sub Class_Initialize
    Set dom_ = CreateObject("MSXML2.DOMDocument.3.0")
    dom_.async = False
    dom_.setProperty "SelectionLanguage", "XPath"
  End Sub

  Public Function Load(path)
    Problems = ""
    Load = dom_.load(path)
    If Load Then
      Check
    ElseIf dom_.parseError.line > 0 Then
      Problems = "line " & dom_.parseError.line & ": " & dom_.parseError.reason
    Else
      Problems = "cannot be read"
    End If
  End Function

  Public Property Get Hosts
    Dim node, list, at
    list = Array()
    For Each node In dom_.selectNodes("/mail/host/@name")
      ReDim Preserve list(at)
      list(at) = node.text
      at = at + 1
    Next
    Hosts = list
  End Property

  Public Function Knows(host) : Knows = Not Node(host) Is Nothing : End Function

  Public Default Property Get Value(host, key)
    Dim place
    Set place = dom_.selectSingleNode("/mail/host[@name='" & host & "']/@" & key & " | /mail/host[@name='" & host & "']/" & key)
    If place Is Nothing Then Set place = dom_.selectSingleNode("/mail/defaults/@" & key)
    If place Is Nothing Then Value = "-" Else Value = place.text
  End Property

  Public Sub Change(host, key, text)
    If Not Knows(host) Then
      With dom_.documentElement.insertBefore(dom_.createElement("host"), dom_.selectSingleNode("/mail/extra"))
        .setAttribute "name", host
      End With
    End If
    Node(host).setAttribute key, text
  End Sub

  Public Sub Remove(host)
    dom_.selectNodes("/mail/host[@name='" & host & "']").removeAll
  End Sub

  Public Sub Save(path) : dom_.save path : End Sub

  Private Function Node(host) : Set Node = dom_.selectSingleNode("/mail/host[@name='" & host & "']") : End Function

  Private Sub Check
    Dim attribute
    For Each attribute In dom_.selectNodes("//@port | //@timeout")
      If Not IsNumeric(attribute.value) Then Problems = Problems & attribute.selectSingleNode("..").getAttribute("name") & " " & attribute.name & "=" & attribute.value & ";"
    Next
    If Problems = "" Then Problems = "none"
  End Sub
End Class
