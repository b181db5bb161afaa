<!--#INCLUDE FILE='parts/top.inc' ---><%= title %>
<!--expect
= [top]My title
-->
