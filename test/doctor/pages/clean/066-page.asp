<%
Set m = Server.CreateObject("CDO.Message")
With m.Fields
.Item("urn:schemas:httpmail:importance") = 2
.Item("urn:schemas:mailheader:X-Priority") = 1
.Item("urn:schemas:mailheader:X-MSMail-Priority") = "High"
.Update
End With
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.AddAttachment Server.MapPath("/files/a.pdf")
m.Send
%>
