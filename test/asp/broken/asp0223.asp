x
<!--METADATA TYPE="typelib" UUID="00000000-1111-2222-3333-444444444444"-->
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0223 | TypeLib Not Found | /asp0223.asp, line 2
-->
