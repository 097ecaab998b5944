namespace CnnFast.Images;

/// <summary>What becomes of pictures that cannot be decoded.</summary>
public enum UnreadablePictures
{
    /// <summary>The first one stops whoever reads it, with its name.</summary>
    Stop,

    /// <summary>
    /// They are left out. All pictures are decoded once when the data set is opened, so that it is known which there are before the first
    /// batch; <see cref="PictureDataset.Skipped"/> lists the others.
    /// </summary>
    Skip,
}
