namespace CnnFast.Visualization;

/// <summary>A part of a picture or page: a title, facts, and what is drawn.</summary>
/// <param name="Title">The title.</param>
/// <param name="Facts">What is shown, with the range of the colours.</param>
/// <param name="Body">What is drawn.</param>
/// <param name="IsLayer">Whether it begins a layer.</param>
internal sealed record Section(string Title, string Facts, Picture Body, bool IsLayer = true);
