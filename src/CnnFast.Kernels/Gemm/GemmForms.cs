namespace CnnFast.Kernels;

/// <summary>Rows are pixels, lanes are output channels.</summary>
internal readonly struct ChannelLanes : IGemmForm
{
    public static bool LanesArePixels => false;
}

/// <summary>Rows are output channels, lanes are pixels.</summary>
internal readonly struct PixelLanes : IGemmForm
{
    public static bool LanesArePixels => true;
}
