a<% %>b<%%>c
<!--expect
= abc
-->
