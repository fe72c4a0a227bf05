#compdef flamingo
# Completion of flamingo in zsh. For every new shell, in ~/.zshrc behind compinit:
#
#   source <(flamingo completion zsh)
#
# or once into a folder of $fpath: flamingo completion zsh > "${fpath[1]}/_flamingo"

_flamingo() {
  local -a answer suggestions
  local line directive value
  answer=("${(@f)$("${words[1]}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  directive=${answer[-1]#:}
  [[ $directive == <-> ]] || return 1
  answer[-1]=()
  for line in "${answer[@]}"; do
    value=${line%%$'\t'*}
    # a colon ends the value
    suggestions+=("${value//:/\\:}${${line#$value}/#$'\t'/:}")
  done
  if ((directive & 4)); then
    _describe -t flamingo flamingo suggestions
    return
  fi
  compset -P '--*='
  if ((directive & 16)); then _files -/; else _files; fi
}

if [[ ${funcstack[1]} == _flamingo ]]; then
  _flamingo "$@"
else
  compdef _flamingo flamingo
fi
