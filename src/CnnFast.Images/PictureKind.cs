namespace CnnFast.Images;

/// <summary>The formats of picture files.</summary>
internal enum PictureKind
{
    Png,
    Jpeg,
    Bmp,
    Webp,
}
