<% On Error Resume Next
For Each p In Array("none.asp", "http://x/", "parts/child.asp?a=1", "../x.asp", "/global.asa")
Err.Clear : Server.Execute p : Response.Write Mid(Err.Description, 5, 8) & ";"
Next
Err.Clear : Server.Transfer "none.asp" : Response.Write Mid(Err.Description, 5, 8)
Err.Clear : Server.Transfer "x?y" : Response.Write Mid(Err.Description, 5, 8) %>
<!--expect
= ASP 0228;ASP 0231;ASP 0231;ASP 0228;ASP 0228;ASP 0230ASP 0235
-->
