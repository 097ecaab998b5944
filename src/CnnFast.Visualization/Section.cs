namespace CnnFast.Visualization;

/// <summary>A part of a picture or page: a title, facts, and what is drawn.</summary>
/// <param name="Title">The title.</param>
/// <param name="Facts">What is shown, with the range of the colours.</param>
/// <param name="Draw">Draws it, at most so many columns wide.</param>
internal sealed record Section(string Title, string Facts, Func<int, Picture> Draw);
