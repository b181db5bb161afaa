<script runat=server>x
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0117 | Missing close of script tag | /asp0117.asp, line 1
-->
