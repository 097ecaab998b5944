namespace CnnFast.Architecture.Tests;

/// <summary>A place in one source file that uses what another one declares.</summary>
/// <param name="From">The file that uses, from the root of the repository.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="To">The file that declares.</param>
/// <param name="Name">What is used.</param>
internal sealed record Arrow(string From, int Line, string To, string Name);
