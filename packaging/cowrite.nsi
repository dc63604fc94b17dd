; What installs a build of cowrite on Windows, for one person and without an administrator: see windows_installer.py.
;
; FOLDER, OUT, ICON, VERSION and SIZE are handed in: the build, the installer to be made, the icon, what is in the build
; (as in 0.1.0) and how much (in KB). Documents, settings and models lie elsewhere, and no part of this touches them.

!if /FILEEXISTS "${NSISDIR}\Stubs\lzma_solid-amd64-unicode" ; on Debian; else the installer itself is of 32 bits
    Target amd64-unicode
!endif
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true
!include MUI2.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh

!define CLASSES "Software\Classes"
!define DOCUMENT "cowrite.Document"
!define LISTED "Software\Microsoft\Windows\CurrentVersion\Uninstall\cowrite"
!define PROGRAM "$INSTDIR\cowrite-gui.exe"

Name "cowrite"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\cowrite"
InstallDirRegKey HKCU "${LISTED}" InstallLocation ; an older cowrite is replaced where it is
BrandingText "cowrite ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "cowrite"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installs cowrite"
VIAddVersionKey CompanyName "The cowrite authors"
VIAddVersionKey LegalCopyright "The cowrite authors; Apache License 2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "${PROGRAM}"
!define MUI_FINISHPAGE_RUN_TEXT "Start cowrite"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

; A program that runs cannot be written to; half of it would be replaced or taken away.
!macro WaitForEnd name
    ${DoWhile} ${FileExists} "$INSTDIR\${name}"
        ClearErrors
        FileOpen $0 "$INSTDIR\${name}" a
        ${IfNot} ${Errors}
            FileClose $0
            ${Break}
        ${EndIf}
        ${If} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "cowrite is running. Close it, then try again." /SD IDCANCEL IDCANCEL`
            SetErrorLevel 2
            Quit
        ${EndIf}
    ${Loop}
!macroend

; Only what a build brings: whoever chose a folder of their own by /D may have other files in it.
!macro RemoveBuild
    RMDir /r "$INSTDIR\_internal"
    RMDir /r "$INSTDIR\licences"
    Delete "$INSTDIR\cowrite.exe"
    Delete "${PROGRAM}"
!macroend

!macro Opens class words
    WriteRegStr HKCU "${CLASSES}\${class}" "" "${words}"
    WriteRegStr HKCU "${CLASSES}\${class}\DefaultIcon" "" "${PROGRAM},0"
    WriteRegStr HKCU "${CLASSES}\${class}\shell\open\command" "" '"${PROGRAM}" "%1"'
!macroend

!macro TellDesktop
    System::Call "shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)" ; SHCNE_ASSOCCHANGED
!macroend

Function .onInit
    ${IfNot} ${RunningX64}
    ${OrIfNot} ${AtLeastWin10}
        MessageBox MB_OK|MB_ICONSTOP "cowrite needs Windows 10 or newer, of 64 bits." /SD IDOK
        SetErrorLevel 2
        Quit
    ${EndIf}
    !insertmacro WaitForEnd cowrite-gui.exe
    !insertmacro WaitForEnd cowrite.exe
FunctionEnd

Section
    !insertmacro RemoveBuild
    SetOutPath "$INSTDIR"
    File /r "${FOLDER}\*"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\cowrite.lnk" "${PROGRAM}"

    !insertmacro Opens "${DOCUMENT}" "cowrite document"
    WriteRegStr HKCU "${CLASSES}\.cowrite" "" "${DOCUMENT}"
    !insertmacro Opens cowrite "URL:cowrite"
    WriteRegStr HKCU "${CLASSES}\cowrite" "URL Protocol" ""
    !insertmacro Opens cowrites "URL:cowrite, encrypted"
    WriteRegStr HKCU "${CLASSES}\cowrites" "URL Protocol" ""

    WriteRegStr HKCU "${LISTED}" DisplayName "cowrite"
    WriteRegStr HKCU "${LISTED}" DisplayVersion "${VERSION}"
    WriteRegStr HKCU "${LISTED}" DisplayIcon "${PROGRAM}"
    WriteRegStr HKCU "${LISTED}" Publisher "The cowrite authors"
    WriteRegStr HKCU "${LISTED}" InstallLocation "$INSTDIR"
    WriteRegStr HKCU "${LISTED}" UninstallString '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${LISTED}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${LISTED}" EstimatedSize ${SIZE}
    WriteRegDWORD HKCU "${LISTED}" NoModify 1
    WriteRegDWORD HKCU "${LISTED}" NoRepair 1
    !insertmacro TellDesktop
SectionEnd

Function un.onInit
    !insertmacro WaitForEnd cowrite-gui.exe
    !insertmacro WaitForEnd cowrite.exe
FunctionEnd

Section Uninstall
    !insertmacro RemoveBuild
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\cowrite.lnk"
    ReadRegStr $0 HKCU "${CLASSES}\.cowrite" ""
    ${If} $0 == "${DOCUMENT}" ; else another program opens them now
        DeleteRegKey HKCU "${CLASSES}\.cowrite"
    ${EndIf}
    DeleteRegKey HKCU "${CLASSES}\${DOCUMENT}"
    DeleteRegKey HKCU "${CLASSES}\cowrite"
    DeleteRegKey HKCU "${CLASSES}\cowrites"
    DeleteRegKey HKCU "${LISTED}"
    !insertmacro TellDesktop
SectionEnd
