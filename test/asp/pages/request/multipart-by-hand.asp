<%
total = Request.TotalBytes
data = Request.BinaryRead(total)
text = ""
For i = 1 To LenB(data)
  text = text & Chr(AscB(MidB(data, i, 1)))
Next
start = InStr(text, "name=""file""")
start = InStr(start, text, vbCrLf & vbCrLf) + 4
Response.Write Mid(text, start, InStr(start, text, vbCrLf) - start)
Response.Write "|" & total & "|" & TypeName(data)
%>
<!--expect
> POST /request/multipart-by-hand.asp
> Content-Type: multipart/form-data; boundary=XX
> body: --XX\r\nContent-Disposition: form-data; name="file"\r\n\r\nhello file\r\n--XX--\r\n
= hello file|73|Byte()
-->
