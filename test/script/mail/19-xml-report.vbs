Option Explicit
' Reads an XML file and mails it as a table.
Dim doc, row, html, total, seen
Set doc = CreateObject("Microsoft.XMLDOM")
doc.async = False
If Not doc.load("C:\jobs\orders.xml") Then
  WScript.Echo "line " & doc.parseError.line & ": " & doc.parseError.reason
  WScript.Quit 1
End If
Set seen = CreateObject("Scripting.Dictionary")
seen.CompareMode = vbTextCompare
html = "<table>"
For Each row In doc.selectNodes("/orders/order")
  html = html & "<tr><td>" & row.getAttribute("id") & "</td><td>" & row.selectSingleNode("customer").text & "</td></tr>"
  total = total + CCur(row.selectSingleNode("amount").text)
  seen(row.selectSingleNode("customer").text) = seen(row.selectSingleNode("customer").text) + 1
Next
html = html & "</table><p>Total " & FormatCurrency(total) & ", " & seen.Count & " customers</p>"
With CreateObject("CDO.Message")
  .From = "report@example.test"
  .To = "ann@example.net"
  .Subject = doc.documentElement.getAttribute("title")
  .AutoGenerateTextBody = False
  .HTMLBody = html
  .Send
End With
