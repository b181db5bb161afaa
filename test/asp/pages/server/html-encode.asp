<%= Server.HTMLEncode("<b a=""1"">& 'x'") %>|<%= Server.HTMLEncode(ChrW(233) & ChrW(8364)) %>|<%= Server.HTMLEncode(Null) %>|<%= Server.HTMLEncode(5) %>
<!--expect
= &lt;b a=&quot;1&quot;&gt;&amp; 'x'|&#233;&#8364;||5
-->
