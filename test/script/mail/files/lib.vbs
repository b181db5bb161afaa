Function Shout(text)
  Shout = UCase(text)
End Function
