def write(folder, packs): pass
