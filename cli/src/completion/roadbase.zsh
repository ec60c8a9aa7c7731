#compdef roadbase
# zsh completion for roadbase. `roadbase completion zsh` prints this.

_roadbase() {
  local line
  local -a candidates
  for line in "${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :file) _files ;;
      :folder) _files -/ ;;
      *$'\t'*) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
      *) candidates+=("${line//:/\\:}") ;;
    esac
  done
  (( ${#candidates} )) && _describe roadbase candidates
}

if [[ ${funcstack[1]} == _roadbase ]]; then _roadbase "$@"; else compdef _roadbase roadbase; fi
