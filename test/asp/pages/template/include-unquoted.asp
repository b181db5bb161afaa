<!--#include file=parts/top.inc --><%= title %>
<!--expect
= [top]My title
-->
