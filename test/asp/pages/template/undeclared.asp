[<%= nothingHere %>]
<!--expect
= []
-->
