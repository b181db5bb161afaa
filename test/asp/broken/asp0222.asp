a
<!--METADATA TYPE="typelib" UUID="" -->
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0222 | Invalid TypeLib Specification | /asp0222.asp, line 2
-->
