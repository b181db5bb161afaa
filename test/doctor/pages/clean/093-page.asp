<%
Dim m
Set m = Server.CreateObject("CDO.Message")
m.From = "a@contoso.example"
m.To = "b@contoso.example"
m.Fields.Append "urn:schemas:mailheader:X-A", 8, 50, , "v"
m.Fields.Update
Call m.Send()
%>
