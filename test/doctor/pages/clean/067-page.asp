<%
Dim m, bp
Set m = Server.CreateObject("CDO.Message")
m.HTMLBody = "<img src=""cid:logo.gif"">"
Set bp = m.AddRelatedBodyPart(Server.MapPath("logo.gif"), "logo.gif", 0)
bp.Fields.Item("urn:schemas:mailheader:Content-ID") = "<logo.gif>"
bp.Fields.Update
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
