// Inputs of a case beside each other; a token of one that is pointed at, or reached with Tab and the arrow keys, shades
// what it attends to in the others.
const HEAT = [[255, 243, 184], [253, 198, 90], [245, 138, 58], [221, 75, 50], [142, 27, 58]]
const SVG = "http://www.w3.org/2000/svg"

// In even shares: a word of four tokens has an even share where it weighs as much as any other four.
const evenShares = (weights, tokens) => {
  const all = tokens.reduce((sum, count) => sum + count, 0)
  return weights.map((weight, i) => (weight * all) / tokens[i])
}

// One scale for all inputs that are shaded together; maps without a peak stay pale.
const topOf = (shares) => Math.max(2, ...shares.flat())
const shade = (shares, top) => shares.map((share) => Math.min(1, Math.max(0, (share - 1) / (top - 1))))

// Clear at an even share, so that what lies a hair above it looks like what lies a hair below.
const heat = (value, opacity) => {
  const at = Math.min(value, 0.999) * (HEAT.length - 1)
  const low = Math.floor(at)
  const rgb = HEAT[low].map((start, i) => Math.round(start + (HEAT[low + 1][i] - start) * (at - low)))
  return value > 0 ? `rgba(${rgb.join(",")},${(opacity * Math.min(1, 4 * value)).toFixed(3)})` : "transparent"
}

const make = (name, parent, attributes = {}, text = "") => {
  const svg = ["svg", "rect", "path"].includes(name)
  const element = svg ? document.createElementNS(SVG, name) : document.createElement(name)
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value))
  if (text) element.textContent = text
  parent.append(element)
  return element
}

const builders = {
  image(panel, body) {
    const frame = make("div", body, { class: "picture" })
    make("img", frame, { src: panel.picture, alt: panel.name })
    return panel.places.map(([top, left, bottom, right]) =>
      make("div", frame, {
        class: "cell",
        style: `top:${top * 100}%;left:${left * 100}%;height:${(bottom - top) * 100}%;width:${(right - left) * 100}%`,
      }))
  },
  text(panel, body) {
    const frame = make("div", body, { class: "text" })
    const tokens = new Array(panel.places.length)
    let end = 0
    panel.places.map((place, i) => [...place, i]).sort((a, b) => a[0] - b[0]).forEach(([start, stop, i]) => {
      frame.append(panel.text.slice(end, Math.max(start, end)))
      tokens[i] = make("span", frame, {}, panel.text.slice(Math.max(start, end), stop))
      end = Math.max(stop, end)
    })
    frame.append(panel.text.slice(end))
    return tokens
  },
  signal(panel, body) {
    const svg = make("svg", body, { class: "strip", viewBox: "0 0 1 1", preserveAspectRatio: "none" })
    const tokens = panel.places.map(([start, end]) =>
      make("rect", svg, { class: "slot", x: start, width: end - start, y: 0, height: 1 }))
    make("path", svg, { d: panel.path, stroke: panel.colour })
    const axis = make("div", body, { class: "axis" })
    panel.ticks.forEach((tick, i) => {
      const at = (100 * i) / (panel.ticks.length - 1) // each below its time; the outer ones stay within the frame
      make("span", axis, { style: `left:${at}%;transform:translateX(-${at === 0 || at === 100 ? at : 50}%)` }, tick)
    })
    return tokens
  },
  table(panel, body) {
    return panel.places.map(([name, value]) => {
      const row = make("div", body, { class: "row" })
      make("span", row, { title: name }, name)
      make("span", row, {}, value)
      return row
    })
  },
}

// The view as it stands, as PNG: a copy that carries its styles along, drawn by way of an SVG.
const save = async (view, name) => {
  const { width, height } = view.getBoundingClientRect()
  const copy = view.cloneNode(true)
  const copies = [copy, ...copy.querySelectorAll("*")]
  ;[view, ...view.querySelectorAll("*")].forEach((element, i) => {
    const style = getComputedStyle(element)
    copies[i].style.cssText = [...style].map((property) => `${property}:${style.getPropertyValue(property)}`).join(";")
    if (element.tagName === "SPAN") copies[i].style.width = copies[i].style.inlineSize = "auto" // a picture has no web fonts
  })
  const inner = new XMLSerializer().serializeToString(copy)
  const svg = `<svg xmlns="${SVG}" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${inner}</foreignObject></svg>`
  const picture = new Image()
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await picture.decode()
  const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 })
  const paper = canvas.getContext("2d")
  paper.fillStyle = getComputedStyle(view).getPropertyValue("--st-background-color") || "#fff"
  paper.fillRect(0, 0, canvas.width, canvas.height)
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height)
  Object.assign(document.createElement("a"), { href: canvas.toDataURL(), download: name }).click()
}

export default ({ data, parentElement }) => {
  const root = parentElement.querySelector(".linked")
  const before = root.getRootNode().activeElement?.dataset?.at
  root.replaceChildren()
  make("button", root, { class: "save", type: "button" }, data.words.save).onclick = () => save(sheet, data.words.file)
  const sheet = make("div", root)
  const caption = make("p", sheet, { class: "caption", "aria-live": "polite" })
  const legend = make("p", sheet, { class: "scale" })
  make("span", legend, {}, data.words.even)
  make("i", legend, { style: `background:linear-gradient(90deg,transparent,${HEAT.slice(1).map((rgb) => `rgb(${rgb})`)})` })
  const most = make("span", legend)
  const panels = make("div", sheet, { class: "panels" })
  const views = data.panels.map((panel) => {
    const box = make("section", panels, { class: "panel", "aria-label": panel.name })
    const head = make("h2", box)
    make("i", head, { style: `background:${panel.colour}` })
    make("b", head, {}, panel.name)
    const note = make("span", head)
    return { panel, note, tokens: builders[panel.kind](panel, box) }
  })
  let held = null

  const paint = (shown) => {
    const shares = shown.map(({ view, weights }) => evenShares(weights, view.panel.tokens))
    const top = topOf(shares)
    most.textContent = data.words.most.replace(/\{top[^}]*\}/, top.toFixed(1))
    shown.forEach(({ view, note }, number) => {
      view.note.textContent = note
      shade(shares[number], top).forEach((value, i) => {
        const colour = heat(value, view.panel.kind === "image" ? data.opacity : 0.6)
        const token = view.tokens[i]
        if (view.panel.kind === "signal") token.style.fill = colour
        else token.style.background = colour
      })
    })
  }
  const clear = () => {
    paint(views.map((view) => ({ view, weights: view.panel.weights, note: data.words.own })))
    views.forEach((view) => {
      view.tokens.forEach((token, i) => {
        token.classList.remove("chosen")
        token.setAttribute("aria-pressed", held !== null && held[0] === view && held[1] === i)
      })
    })
    caption.replaceChildren()
    make("span", caption, { class: "hint" }, data.words.hint)
  }
  const show = (view, i) => {
    clear()
    view.tokens[i].classList.add("chosen")
    view.note.textContent = ""
    caption.replaceChildren()
    make("b", caption, {}, `${view.panel.name}: ${view.panel.labels[i]}`)
    let joint = ` ${data.words.looks} `
    const others = views.filter((other) => other !== view)
    const linksTo = (other) => data.links[`${view.panel.name}\u0000${other.panel.name}`]
    paint(others.map((other) => {
      const links = linksTo(other)
      return links
        ? { view: other, weights: links[i], note: data.words.from }
        : { view: other, weights: other.panel.weights.map(() => 0), note: data.words.none }
    }))
    others.forEach((other) => {
      const links = linksTo(other)
      if (!links) return
      const shares = evenShares(links[i], other.panel.tokens)
      const top = shares.indexOf(Math.max(...shares))
      caption.append(`${joint}${other.panel.name}: ${other.panel.labels[top]} (${Math.round(links[i][top] * 100)} %)`)
      joint = " · "
    })
  }
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }
  const move = (view, i) => {
    view.tokens.forEach((token, j) => token.setAttribute("tabindex", j === i ? 0 : -1)) // one stop for Tab in each input
    view.tokens[i].focus()
  }
  views.forEach((view, number) => view.tokens.forEach((token, i) => {
    token.dataset.at = `${number}-${i}`
    token.setAttribute("role", "button")
    // where words stand in it they are its name, in their own order
    if (!token.textContent.trim()) token.setAttribute("aria-label", view.panel.labels[i])
    token.setAttribute("tabindex", i ? -1 : 0)
    const hold = () => {
      held = held && held[0] === view && held[1] === i ? null : [view, i]
      show(view, i)
    }
    token.addEventListener("pointerenter", () => held || show(view, i))
    token.addEventListener("pointerleave", () => held || clear())
    token.addEventListener("focus", () => held || show(view, i))
    token.addEventListener("blur", () => held || clear())
    token.addEventListener("click", hold)
    token.addEventListener("keydown", (event) => {
      const next = i + step[event.key]
      if (view.tokens[next]) move(view, next)
      else if (event.key === "Enter" || event.key === " ") hold()
      else if (event.key === "Escape" && held) {
        held = null
        show(view, i)
      } else return
      event.preventDefault()
    })
  }))
  clear()
  root.querySelector(`[data-at="${before}"]`)?.focus()
}
