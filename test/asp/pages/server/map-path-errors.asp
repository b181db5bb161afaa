<% On Error Resume Next
For Each p In Array("", "C:\x", "a*b", "//x", "a//b", "..\x", "../x", "a:b", String(300, "x"))
  Err.Clear
  y = Server.MapPath(p)
  Response.Write Mid(Err.Description, 5, 8) & ";"
Next
Err.Clear : y = Server.MapPath() : Response.Write Mid(Err.Description, 5, 8) & Err.Source %>
<!--expect
= ASP 0171;ASP 0172;ASP 0173;ASP 0174;ASP 0174;ASP 0175;ASP 0175;ASP 0172;ASP 0214;ASP 0171Server.MapPath()
-->
