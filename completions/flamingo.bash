# Completion of flamingo in bash. For every new shell, in ~/.bashrc:
#
#   source <(flamingo completion bash)

_flamingo() {
  # bash also ends words at = and :, here only a space does
  local line=${COMP_LINE:0:COMP_POINT} words=() count=0 index word
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if ((index == 0)) || [[ $line == [[:space:]]* ]]; then
      line=${line#"${line%%[![:space:]]*}"}
      ((count += 1))
    fi
    # what is behind the cursor does not count
    [[ $line == "$word"* ]] || word=$line
    words[count - 1]=${words[count - 1]-}$word
    line=${line#"$word"}
  done
  # bash replaces what it takes for the last word
  local current=${words[count - 1]} kept
  kept=${current%"$2"}

  local answer directive suggestion
  answer=$("${words[0]}" __complete "${words[@]:1}" 2>/dev/null) || return
  directive=${answer##*:}
  COMPREPLY=()
  while IFS=$'\t' read -r suggestion _; do
    [[ $suggestion == :* || $suggestion == "" ]] && continue
    COMPREPLY+=("$(printf %q "${suggestion#"$kept"}")")
  done <<<"$answer"
  if ((directive & 4)); then return; fi
  compopt -o filenames 2>/dev/null
  local kind=-f
  if ((directive & 16)); then kind=-d; fi
  while IFS= read -r suggestion; do
    COMPREPLY+=("$suggestion")
  done < <(compgen "$kind" -- "$2")
}

complete -F _flamingo flamingo
