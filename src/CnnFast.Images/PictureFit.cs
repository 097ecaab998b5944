namespace CnnFast.Images;

/// <summary>How a picture of any size becomes one of a given size. All of them smooth: every pixel that is taken counts.</summary>
public enum PictureFit
{
    /// <summary>The largest part in the middle that has the right aspect, resized: the shorter side is kept whole.</summary>
    Crop,

    /// <summary>The whole picture, each side resized by itself: the aspect changes.</summary>
    Stretch,

    /// <summary>The whole picture with its aspect, and black (class 0 in masks) beside it.</summary>
    Pad,
}
