using CnnFast.Data;
using CnnFast.Images;

namespace CnnFast.Cli;

/// <summary>What pages call an image.</summary>
internal static class PictureName
{
    /// <summary>The name of the file with its folder; null where images are no files of their own.</summary>
    public static Func<int, string>? Of(IImageDataset images) => images is PictureDataset { Files: var files }
        ? index => Path.Combine(Path.GetFileName(Path.GetDirectoryName(files[index])) ?? "", Path.GetFileName(files[index]))
        : null;
}
