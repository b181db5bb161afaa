<%= Request.Cookies.Item("a") %>|<%= Request.Cookies.Item(1) %>|<%= Request.ServerVariables.Item("REQUEST_METHOD") %>|<%= Request.Form.Item("f") %>
<%= Request.ServerVariables("LOGON_USER") %>|<%= Request.ServerVariables("AUTH_USER") %>|<%= Request.ClientCertificate.Item("Subject") %>|<%= Request.ClientCertificate.Count %>
<% Response.Cookies.Item("c") = "d" : Response.Write Response.Cookies.Key(1) & Response.Cookies.Count
On Error Resume Next
Response.Write Request.ClientCertificate.Key(1) : Response.Write "|" & Mid(Err.Description, 5, 8) : Err.Clear
Response.Write "|" & TypeName(Session.StaticObjects.Item("Basket")) & "|" & TypeName(Application.StaticObjects.Item("Counter")) %>
<!--expect
> POST /request/items-by-name.asp
> Cookie: a=1
> body: f=2
< Set-Cookie: c=d; path=/
= 1|1|POST|2
= |||0
= c1|ASP 0105|Dictionary|Dictionary
-->
