; Offers Raft Lab for exported recordings on Windows, without taking .jsonl from the program that has it: electron-builder's own
; association writes the extension's default value, so it is not used. A name below OpenWithProgids is an offer and no more.

!define RECORDING_CLASS "RaftLab.Recording"

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\${RECORDING_CLASS}" "" "Raft Lab recording"
  WriteRegStr SHELL_CONTEXT "Software\Classes\${RECORDING_CLASS}\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\${RECORDING_CLASS}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  WriteRegStr SHELL_CONTEXT "Software\Classes\.jsonl\OpenWithProgids" "${RECORDING_CLASS}" ""
  ; SHCNE_ASSOCCHANGED: the Explorer reads its associations anew.
  System::Call "shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)"
!macroend

!macro customUnInstall
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.jsonl\OpenWithProgids" "${RECORDING_CLASS}"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\${RECORDING_CLASS}"
  System::Call "shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)"
!macroend
