namespace CnnFast.Kernels;

/// <summary>Rows are pixels, whose values are broadcast; lanes are output channels of a packed filter.</summary>
internal readonly struct ChannelLanes : IGemmForm;

/// <summary>Rows are output channels, whose filter values are broadcast; lanes are consecutive pixels of planes.</summary>
internal readonly struct PixelLanes : IGemmForm;
