namespace CnnFast.Images;

/// <summary>A picture file of a data set.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path below the folder of the data set, with slashes.</param>
internal sealed record PictureFile(string Path, string Name);
