<%= Server.MapPath("/") %>|<%= Server.MapPath("x.txt") %>|<%= Server.MapPath("/a/b.mdb") %>|<%= Server.MapPath("\c") %>|<%= Server.MapPath(".") %>|<%= Server.MapPath("sub/") %>
<!--expect
= C:\inetpub\wwwroot|C:\inetpub\wwwroot\server\x.txt|C:\inetpub\wwwroot\a\b.mdb|C:\inetpub\wwwroot\c|C:\inetpub\wwwroot\server|C:\inetpub\wwwroot\server\sub\
-->
