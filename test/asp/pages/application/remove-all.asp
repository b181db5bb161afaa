<% Application.Contents.RemoveAll : Response.Write Application.Contents.Count : Application("started") = "yes" : Application("root") = Server.MapPath("/") %>
<!--expect
= 0
-->
