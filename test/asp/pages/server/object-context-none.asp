<% On Error Resume Next : ObjectContext.SetAbort : Response.Write Err.Description %>
<!--expect
= 006~ASP 0248~Script isn't transacted~This ASP file must be transacted in order to use the ObjectContext object.
-->
