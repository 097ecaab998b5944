namespace CnnFast.Images;

/// <summary>Finds the masks of pictures.</summary>
internal static class MaskFiles
{
    /// <summary>The mask of every picture: the PNG or BMP file of the same name, but for what it ends with.</summary>
    /// <exception cref="DataFormatException">A picture has no mask, or several.</exception>
    public static PictureFile[] Beside(PictureFile[] pictures, string directory)
    {
        ILookup<string, PictureFile> masks = PictureFolder.Files(directory, directory, [".png", ".bmp"])
            .ToLookup(file => Stem(file.Name), StringComparer.Ordinal);
        IGrouping<string, PictureFile>? twice = pictures.GroupBy(file => Stem(file.Name), StringComparer.Ordinal)
            .FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null)
            throw new DataFormatException($"{string.Join(" and ", twice.Select(file => $"'{file.Path}'"))} have the same mask; " +
                "expected pictures whose names differ in more than their endings.");
        return [.. pictures.Select(file => MaskOf(file, [.. masks[Stem(file.Name)]], directory))];
    }

    private static PictureFile MaskOf(PictureFile picture, PictureFile[] masks, string directory) => masks.Length == 1
        ? masks[0]
        : throw new DataFormatException($"'{picture.Path}' has {(masks.Length == 0 ? "no mask" : $"{masks.Length} masks")} " +
            $"in '{directory}'; expected one file '{Stem(picture.Name)}' that ends with .png or .bmp.");

    private static string Stem(string name) => name[..^Path.GetExtension(name).Length];
}
