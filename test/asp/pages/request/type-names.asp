<%= TypeName(Request) %> <%= TypeName(Request.Form) %> <%= TypeName(Request.Form("a")) %> <%= TypeName(Response) %> <%= TypeName(Server) %> <%= TypeName(Session) %> <%= TypeName(Application) %>
<!--expect
= IRequest IRequestDictionary IStringList IResponse IServer ISessionObject IApplicationObject
-->
