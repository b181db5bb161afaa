<!-- #include virtual = "/template/parts/top.inc" --><%= title %>
<!--expect
= [top]My title
-->
