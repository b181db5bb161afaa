<%
Dim m : Set m = Server.CreateObject("CDO.Message")
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.DSNOptions = cdoDSNSuccessFailOrDelay
m.Send
%>
