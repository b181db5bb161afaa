<%@ Language=Perl %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0129 | Unknown scripting language | /asp0129.asp, line 1
-->
