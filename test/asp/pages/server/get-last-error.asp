<% Set e = Server.GetLastError %>[<%= e.ASPCode %>][<%= e.ASPDescription %>][<%= e.Category %>][<%= e.Column %>][<%= e.Description %>][<%= e.File %>][<%= e.Line %>][<%= e.Number %>][<%= e.Source %>]
<!--expect
= [][][][-1][][][-1][0][]
-->
